"""How a record shows itself: ``text`` for a terminal, ``html`` for a page."""
