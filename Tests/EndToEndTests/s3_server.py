"""moto's S3 server on a free port of 127.0.0.1 with the bucket `lake`; signatures are checked.

Puts the files of the folder that is its argument there, and 1,500 small objects under `many/`. Prints one line of JSON
when it is ready, and ends with the process that started it.
"""
import json
import logging
import os
import sys
import time

import boto3
import flask
import moto.settings
from moto.iam.access_control import S3IAMRequest
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

make_request = S3IAMRequest.__init__


def make_request_as_sent(self, *arguments, **named):
    """moto checks signatures over an address that was decoded and encoded again, and so refuses `prefix=a%2F`, from
    Amazon's own library too, and lets unencoded characters pass. S3 takes the address as it was sent; so do we."""
    named["path"] = flask.request.environ["RAW_URI"]
    make_request(self, *arguments, **named)


S3IAMRequest.__init__ = make_request_as_sent

logging.getLogger("werkzeug").setLevel(logging.ERROR)
parent = os.getppid()
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
endpoint = "http://127.0.0.1:%d" % server.get_host_and_port()[1]


def client(service):
    return boto3.client(
        service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="setup", aws_secret_access_key="setup"
    )


def put(key, content):
    # Not through the server: a second instead of half a minute.
    s3_backends["123456789012"]["aws"].put_object("lake", key, content)


def user(name, actions):
    iam = client("iam")
    iam.create_user(UserName=name)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    iam.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=json.dumps(policy))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return {"key": made["AccessKeyId"], "secret": made["SecretAccessKey"]}


client("s3").create_bucket(Bucket="lake")
folder = sys.argv[1]
for place, _, names in os.walk(folder):
    for name in names:
        path = os.path.join(place, name)
        with open(path, "rb") as file:
            put(os.path.relpath(path, folder), file.read())
for number in range(1500):
    put("many/%04d.csv" % number, b"id,note\n%d,n\n" % number)
facts = {"endpoint": endpoint, "all": user("all", ["s3:*"]), "lister": user("lister", ["s3:ListBucket"])}
moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
print(json.dumps(facts), flush=True)
while os.getppid() == parent:
    time.sleep(0.2)
