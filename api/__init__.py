"""The operations shell: FastAPI app, store, pages, jobs."""
