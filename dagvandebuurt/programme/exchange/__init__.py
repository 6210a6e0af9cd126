"""Import and export of programmes: schedule.xml, schedule.json, CSV and XLSX.

Reading turns bytes into a Document and reports its repairs; matching merges a Document into a Plan; writing
turns a Plan into bytes. These are pure: no database, no web, and no address is ever opened.
"""
