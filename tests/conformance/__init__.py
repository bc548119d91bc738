"""What every ChatKit backend promises over HTTP.

By default each store of the menu gets a generated project to run against. CHATKIT_TEST_URL, the
whole address of a ChatKit endpoint, points the same promises at any other backend; those that only
a generated app makes are skipped there.
"""
