"""Which way a setting is stricter: declared beside the setting, compared by the engine."""
