"""Programmes from elsewhere and to elsewhere: schedule.xml, schedule.json, CSV and XLSX.

Reading turns bytes into a Document and says what it had to repair; matching lays a Document over a Plan;
writing makes bytes of a Plan. Pure: no database, no web, and nothing here ever opens an address.
"""
