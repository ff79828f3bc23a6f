"""The voice of the hall: what is spoken of an announcement (voice.md).

Audio is made by processes of their own (``app.voice.rendering``), and kept on disk by
content. Nothing else here imports what computes with sound: the server stays small.
And nothing is imported right here: the rendering process would load the database.
"""
