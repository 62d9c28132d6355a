"""Sphinx's settings for one language of the site; site.json beside the pages says what differs."""

import json
from pathlib import Path

_site = json.loads(Path("site.json").read_text("utf-8"))

project = "First Call"
author = "the authors of First Call"
copyright = "the authors, Apache License 2.0"
language = _site["language"]
extensions = ["myst_nb", "sphinx_copybutton"]
exclude_patterns = ["_build"]

# The outputs are those that the build of the notebooks stored; nothing runs here. Of a widget the
# page shows the words beside it: the widget itself would fetch scripts from another host.
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
nb_merge_streams = True
myst_enable_extensions = ["html_image"]  # a picture that stands beside a text
myst_heading_anchors = 3
myst_heading_slug_func = "tools.site.pages.anchor"
copybutton_selector = "div.cell_input div.highlight pre"
suppress_warnings = ["mystnb.unknown_mime_type", "misc.highlighting_failure"]

html_theme = "sphinx_book_theme"
html_title = _site["title"]
html_show_sourcelink = False
html_show_sphinx = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_theme_options = {
    "use_download_button": True,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    # The side bar holds the title and the search; a bar above would show both again.
    **{f"navbar_{part}": [] for part in ("start", "center", "end", "persistent")},
    "footer_content_items": ["copyright.html"],
    "path_to_docs": _site["path"],
    **(
        {
            "repository_url": _site["repository"],
            "use_repository_button": True,
            "launch_buttons": {
                "binderhub_url": "https://mybinder.org",
                "colab_url": "https://colab.research.google.com",
                "notebook_interface": "jupyterlab",
            },
        }
        if _site["repository"]
        else {}
    ),
}
