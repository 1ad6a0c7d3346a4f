"""An upload as a team would have it without mockface: a FastAPI app that takes the fields as Form and UploadFile.

Run as `python -m benchmarks.form`; served as the bare app is. It reads every field and looks at the picture's first
bytes, checks nothing and keeps nothing.
"""

from typing import Annotated, Any

from fastapi import FastAPI, Form, UploadFile

from benchmarks.bare import serve

app = FastAPI()


@app.post("/face/idcardcompare")
async def compare(
    appid: Annotated[str, Form()], idcard_number: Annotated[str, Form()], idcard_name: Annotated[str, Form()],
    image: UploadFile,
) -> dict[str, Any]:  # fmt: skip
    """Answer a success."""
    await image.read(16)
    return {"code": 0, "message": "OK", "data": {"session_id": "", "similarity": 92.5}}


if __name__ == "__main__":
    serve(app, keep_memory=True)
