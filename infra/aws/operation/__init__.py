"""What the commands of `battleshiper aws` do, without their terminal.

`rollout` is a whole deployment, whose steps around the stacks are listed in `steps`. What the steps use is in `setup`,
what deals with CloudFormation in `stacks`, what takes a platform out again in `teardown`, and what changes its keys in
`keys`. `examination` is the doctor's.
"""
