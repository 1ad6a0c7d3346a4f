redis.call('ZREM', key('servers'), ARGV[1])
redis.call('HDEL', key('versions'), ARGV[1])
redis.call('XADD', key('acks'), 'MAXLEN', '~', CHANGES, '*', 'server', ARGV[1], 'until', 'left')
keep()
