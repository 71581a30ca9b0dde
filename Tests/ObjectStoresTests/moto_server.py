"""moto's S3 server on a free port of 127.0.0.1, with buckets, users and objects for the tests; signatures are checked.

Prints one line of JSON when it is ready, and ends with the process that started it.
"""
import json
import logging
import os
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


def user(name, actions):
    iam = client("iam")
    iam.create_user(UserName=name)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    iam.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=json.dumps(policy))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return {"key": made["AccessKeyId"], "secret": made["SecretAccessKey"]}


ODD = [
    "a b.txt", "a+b.txt", "a%20b.txt", "a%2Fb.txt", "a&b=c;d.txt", "a//b.txt", "a/./b.txt", "a/../b.txt", "größe €.txt",
    "emoji-🌿.txt", "quote\"'<>.txt", "(x)[1]{2}!*$@:,~.txt", "tail /x.txt", "?x#y.txt", "dt=2024-01-01/part=a%2Fb/1.csv",
    "back\\slash.txt", "|^`.txt",
]

s3 = client("s3")
for bucket in ("things", "many", "dotted.name"):
    s3.create_bucket(Bucket=bucket)
for key in ODD:
    s3.put_object(Bucket="things", Key="odd/" + key, Body=("content of " + key).encode())
s3.put_object(Bucket="things", Key="big.bin", Body=bytes(range(256)) * 4096)
s3.put_object(Bucket="things", Key="empty.txt", Body=b"")
s3.put_object(Bucket="things", Key="folder/", Body=b"")
s3.put_object(Bucket="things", Key="folder/inside.csv", Body=b"a\n1\n")
s3.put_object(Bucket="dotted.name", Key="x.csv", Body=b"a\n1\n")
for number in range(2345):
    # Not through the server: a second instead of half a minute.
    s3_backends["123456789012"]["aws"].put_object("many", "page/%05d.csv" % number, b"%d\n" % number)

facts = {
    "endpoint": endpoint,
    "odd": ODD,
    "all": user("all", ["s3:*"]),
    "reader": user("reader", ["s3:GetObject"]),
    "lister": user("lister", ["s3:ListBucket"]),
}
moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
print(json.dumps(facts), flush=True)
while os.getppid() == parent:
    time.sleep(0.2)
