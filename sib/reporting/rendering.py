"""From a notebook that has run to one HTML file with everything in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sib.reporting import places

if TYPE_CHECKING:
    from nbformat import NotebookNode


def as_html(notebook: NotebookNode, title: str) -> str:
    """The page of a notebook's outputs, by our own template: no code, no script, no other host.

    The plain exporter of templates, and not the one for HTML, which parses the page and writes it anew.
    """
    from nbconvert.exporters import TemplateExporter

    exporter = TemplateExporter(  # type: ignore[no-untyped-call]
        template_name="report", extra_template_basedirs=[str(places.templates())], file_extension=".html",
    )  # fmt: skip
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    return str(page)
