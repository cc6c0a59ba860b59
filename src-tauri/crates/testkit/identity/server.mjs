// A real OpenID provider on a free port of 127.0.0.1. It keeps everything in memory and takes any password.
//
//   node server.mjs [--port 0] [--access-ttl 300] [--refresh-ttl 86400] [--hold]
//
// It prints one JSON line {"issuer", "clientId"} when it listens. With --hold it ends when its standard input is closed,
// so that it never outlives the test that started it, even if that test was killed.
// GET /control tells what was asked for; POST /control {"down": true} answers everything else with 503.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import Provider from 'oidc-provider';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'access-ttl': { type: 'string', default: '300' },
    'refresh-ttl': { type: 'string', default: '86400' },
    hold: { type: 'boolean', default: false },
  },
});
const accessTtl = Number(options['access-ttl']);
const refreshTtl = Number(options['refresh-ttl']);
const clientId = 'promptpal-desktop';

const people = {
  grace: { name: 'Grace Example', email: 'grace@example.test', email_verified: true },
  alan: { name: 'Alan Example', email: 'alan@example.test', email_verified: true },
};

const server = createServer();
await new Promise((listening) => server.listen(Number(options.port), '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      // Native clients may come back to any loopback port (RFC 8252), and hold no secret.
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    },
  ],
  cookies: { keys: ['only for tests'] },
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  pkce: { required: () => true },
  // A spent refresh token that is used again ends the whole session (RFC 9700).
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    userinfo: { enabled: true },
  },
  ttl: {
    AccessToken: accessTtl,
    AuthorizationCode: 60,
    DeviceCode: 600,
    Grant: refreshTtl,
    // Long, because tests move the clock of the program and cannot move this one.
    IdToken: 365 * 86400,
    Interaction: 600,
    RefreshToken: refreshTtl,
    Session: refreshTtl,
  },
});

let down = false;
const asked = { exchanges: 0, refreshes: 0, revocations: 0 };
provider.on('grant.success', ({ oidc }) => {
  asked[oidc.params.grant_type === 'refresh_token' ? 'refreshes' : 'exchanges'] += 1;
});

const oidc = provider.callback();
server.on('request', async (request, response) => {
  if (request.url === '/control') {
    if (request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += chunk;
      down = JSON.parse(body).down;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(asked));
  } else if (down) {
    response.writeHead(503).end('away');
  } else {
    if (request.url === '/token/revocation') asked.revocations += 1;
    oidc(request, response);
  }
});

console.log(JSON.stringify({ issuer, clientId }));

const stop = () => process.exit(0);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
if (options.hold) process.stdin.on('end', stop).resume();
