"""The published programme for visitors: pages, filters, timetable, page cache, JSON-LD."""
