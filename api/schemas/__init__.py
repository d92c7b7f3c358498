"""What the JSON API takes and gives: plain pydantic models, never tables."""
