"""What we tell GitHub: commit statuses and GitHub Deployments, and what we ask of it. githubkit is used only here,
and loaded only when GitHub is called."""
