"""A browser and its system in two words, from what it calls itself."""

BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""Looked for in this order: most call themselves Chrome and Safari too."""

SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """«Chrome, Windows»; what is not known is called so."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    return ", ".join(filter(None, (browser, system))) or "неизвестный браузер"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((title for word, title in names if word in user_agent), "")
