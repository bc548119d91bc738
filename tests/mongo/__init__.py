"""A MongoDB for tests: the real driver talks to it over a real socket.

`server.py` listens and can fail, `wire.py` frames, `commands.py` knows the commands that the store
and these tests send and refuses all others, `engine.py` keeps documents in mongomock-ng.

What may differ from a mongod, and why it is so here:

- One lock round the engine: statements never interleave inside, so no write conflicts.
- No oplog, no elections, no transactions: a stop and a start on the same address stand for a
  failover, and what was acknowledged is still there, as `w: majority` promises.
- Shards are a rule, not machines: with `shard_keys` a write has to name its shard key. `_id` stays
  unique over all of them, which a sharded cluster does not check.
- Indexes are recorded and their conflicts refused, but nothing is ever fast or slow because of one;
  `notablescan` refuses what has no index to start from.
- No authentication, TLS, compression, or awaited `hello`: the driver then asks every ten seconds.
- The engine compares values of one type only; operators beyond those in `engine.py` are refused.

CHATKIT_TEST_MONGODB_URL runs the same tests against a real server; those that stop the server or
look into it are skipped there.
"""
