"""What pages fetch beside themselves: colours, icon, manifest, the style and script of records."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from onrecord.site.config import Site
from onrecord.site.shell import HERE

_KEEP = {"Cache-Control": "max-age=3600"}


def router(site: Site) -> APIRouter:
    """Return the routes of a site's assets."""
    routes = APIRouter()

    @routes.get("/theme.css")
    def theme() -> Response:
        dark = f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {site.accent_dark} }} }}"
        css = f":root {{ --accent: {site.accent} }}\n{dark}\n"
        return Response(css, media_type="text/css", headers=_KEEP)

    @routes.get("/icon")
    def icon() -> Response:
        body = site.icon or (HERE / "static" / "icon.svg").read_bytes()
        return Response(body, media_type=site.icon_type, headers=_KEEP)

    @routes.get("/favicon.ico")
    def favicon() -> Response:
        return icon()

    @routes.get("/manifest.webmanifest")
    def manifest() -> Response:
        body = {
            "name": site.name, "short_name": site.name[:12], "description": site.tagline,
            "start_url": "/", "display": "minimal-ui", "theme_color": site.accent,
            "background_color": "#ffffff",
            "icons": [{"src": "/icon", "sizes": "any", "type": site.icon_type}],
        }  # fmt: skip
        return JSONResponse(body, media_type="application/manifest+json", headers=_KEEP)

    @routes.get("/record.css")
    def record_css() -> Response:
        return Response(_rendered("page.css"), media_type="text/css", headers=_KEEP)

    @routes.get("/record.js")
    def record_js() -> Response:
        return Response(_rendered("page.js"), media_type="text/javascript", headers=_KEEP)

    return routes


@cache
def _rendered(name: str) -> str:
    return files("onrecord.render").joinpath(name).read_text("utf-8")
