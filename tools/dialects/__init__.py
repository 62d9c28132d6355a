"""Providers played on this computer: every lesson against every row of providers.toml."""
