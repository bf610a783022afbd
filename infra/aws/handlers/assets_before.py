"""Uploads the pages' assets before a new version of them takes over."""

import os
from functools import partial

from battleshiper.infra.aws.asset_hooks import AssetStore, Hook
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.surroundings import Surroundings
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.web.assets import Assets

_clients = Clients()
_store = AssetStore(_clients.of("s3"), Surroundings(os.environ)[Variable.ASSETS_BUCKET])

handler = Hook(_clients.of("codedeploy"), partial(_store.upload, Assets().files))
