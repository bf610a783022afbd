"""The shapes in which GitHub tells of its things, in answers and in webhooks.

Names and meaning after GitHub's OpenAPI description, https://github.com/github/rest-api-description; the tests
check every shape against it.
"""
