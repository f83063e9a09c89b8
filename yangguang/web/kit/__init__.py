"""What every desk uses: template tags, guards, the actor of a request, screenshots."""
