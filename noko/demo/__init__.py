"""The demonstration region: invented organisations, people and data from one seed.

Nothing here exists. The region, its places and organisations are made up, tax numbers have right
control digits but the region code 99, sites stand under the reserved domain ``.example``. The data
go the same road as real ones: a frozen package, an action, a calculation, a release.

``region`` makes the organisations, ``waves`` decides who is assessed when, ``survey`` and
``inspection`` make the data of a wave, ``loading`` puts all of it into the database.
"""

SEED = 20_261_123
REGION = "Заречная область (вымышленная)"
REGION_OF = "Заречной области (вымышленной)"
NOTICE = (
    "Демонстрационные данные: регион, организации и ответы вымышлены, совпадения названий случайны."
)
DOMAIN = "demo.example"
"""E-mail addresses of demonstration people; production refuses a database that has them."""
