"""Results that show themselves in a notebook."""


class Shown:
    """A result whose notebook form is its table and its sentence (`verbatim.notebook.html.html_of`)."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from verbatim.notebook.html import html_of

        return html_of(self)
