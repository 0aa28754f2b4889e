"""The figure by SQL over the tables, one text for both databases; independent of the rule."""

from __future__ import annotations

from datetime import date

from django.db import connection

QUERY = """
WITH parties AS (
  SELECT COALESCE(s.merged_into_id, s.id) AS seller, COALESCE(b.merged_into_id, b.id) AS buyer
  FROM agreements_linkage l
  JOIN registry_organisation s ON s.id = l.seller_id
  JOIN registry_organisation b ON b.id = l.buyer_id
  WHERE l.state IN ('agreed', 'in_force', 'ended', 'terminated')
    AND l.starts <= %(day)s
    AND (l.ends IS NULL OR l.ends >= %(day)s)
    AND (l.terminated_on IS NULL OR l.terminated_on > %(day)s)
    AND (
      l.verified_on <= %(day)s
      OR (%(level)s <> 'verified' AND l.confirmed_on <= %(day)s)
      OR (%(level)s = 'declared' AND l.origin IN ('platform', 'register'))
      OR (%(level)s = 'declared' AND l.origin = 'declared' AND TRIM(l.contract_number) <> '')
    )
),
linked AS (
  SELECT seller AS id FROM parties WHERE seller <> buyer
  UNION SELECT buyer FROM parties WHERE seller <> buyer
),
population AS (
  SELECT o.id,
    (SELECT t.agricultural FROM registry_sectorfact f
     LEFT JOIN catalogue_sector t ON t.code = f.sector_id
     WHERE f.organisation_id = o.id AND (f.since IS NULL OR f.since <= %(day)s)
     ORDER BY f.since IS NULL, f.since DESC LIMIT 1) AS agricultural
  FROM registry_organisation o
  WHERE o.merged_into_id IS NULL
    AND o.founded_on <= %(day)s
    AND NOT EXISTS (
      SELECT 1 FROM registry_statusfact f WHERE f.organisation_id = o.id
        AND (f.status = 'unknown' OR (f.since IS NULL AND f.status <> 'active')))
    AND (SELECT f.status FROM registry_statusfact f
         WHERE f.organisation_id = o.id AND (f.since IS NULL OR f.since <= %(day)s)
         ORDER BY f.since IS NULL, f.since DESC LIMIT 1) = 'active'
    AND (SELECT f.kind FROM registry_kindfact f
         WHERE f.organisation_id = o.id AND (f.since IS NULL OR f.since <= %(day)s)
         ORDER BY f.since IS NULL, f.since DESC LIMIT 1) = 'cooperative'
    AND (%(territory)s = '' OR
         (SELECT CASE WHEN f.commune_id IS NULL THEN 'nowhere'
                      WHEN c.former_province = 'Hải Dương' THEN 'hai-duong-old'
                      ELSE 'hai-phong-old' END
          FROM registry_communefact f
          LEFT JOIN registry_commune c ON c.code = f.commune_id
          WHERE f.organisation_id = o.id AND (f.since IS NULL OR f.since <= %(day)s)
          ORDER BY f.since IS NULL, f.since DESC LIMIT 1) = %(territory)s)
)
SELECT p.id, p.agricultural, EXISTS (SELECT 1 FROM linked WHERE linked.id = p.id)
FROM population p
"""


def answer(day: date, level: str, territory: str | None) -> dict[str, tuple[set[int], set[int]]]:
    """For each headline indicator the ids of its denominator and of its numerator."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY, {"day": day, "level": level, "territory": territory or ""})
        rows = cursor.fetchall()
    farmers = [row for row in rows if row[1]]
    return {
        "LINK-ALL": ({row[0] for row in rows}, {row[0] for row in rows if row[2]}),
        "LINK-AGRI": ({row[0] for row in farmers}, {row[0] for row in farmers if row[2]}),
    }
