"""What all operations of API 3.0 share: how a request is read, heard, checked and answered. It knows no action."""
