#!/bin/sh
# Say in one sentence what `make province` needs and this machine lacks.
missing=""
for pair in patroni:patroni etcd:etcd-server; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
if [ -n "$missing" ]; then
  echo "make province needs$missing: apt install$missing" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "make province starts database servers as another user, so it needs root: sudo make province" >&2
  exit 1
fi
