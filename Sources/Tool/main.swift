print("kitty-git-telemetry")
