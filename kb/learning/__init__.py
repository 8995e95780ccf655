"""Following a training: progress, quiz, attestation, invitation, figures. What one is made of lies in `resources`."""
