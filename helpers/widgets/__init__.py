"""What is clicked: the chat window, the finish_reason explorer, the key form."""
