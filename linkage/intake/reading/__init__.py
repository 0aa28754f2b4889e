"""From an xlsx file to records: what stands in which cell of which field, as the clerk typed it.

package (the zip, within bounds) -> workbook (cells) -> titles, headers, columns, layout (where the
tables are and what their columns mean) -> rows -> records; mapping is what the clerk says about it.
Knows no register and no database; imports linkage.text and linkage.errors alone.
"""
