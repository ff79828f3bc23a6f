"""Making audio: a process of its own, which alone knows numpy and the GPL engine.

``python -m app.voice.rendering FOLDER`` reads orders as lines of JSON and answers each
with a line; it ends with its input (voice.md#process).
"""
