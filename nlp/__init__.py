"""Understanding mail: intent, form, commands. Knows nothing of the bot that uses it.

Importing this package stays cheap: spaCy is imported by `nlp.pipeline` alone.
"""
