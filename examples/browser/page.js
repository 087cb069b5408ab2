import { connect } from '@wampkit/client';

const url = new URLSearchParams(location.search).get('router') ?? 'ws://127.0.0.1:8080/ws';
const byId = (id) => document.getElementById(id);

try {
  const client = await connect(url, { realm: 'realm1' });
  byId('status').value = `joined as ${client.session.authid}`;
  followStatus(client);

  await client.register('com.example.page.hello', ({ args: [name] }) => `Hello ${name}, says the page`);
  await client.subscribe('com.example.news', ({ args }) => showEvent(args));

  onSubmit('publish', async (text) => {
    await client.publish('com.example.news', { args: [text] }, { acknowledge: true, exclude_me: false });
  });
  onSubmit('call', async (text) => {
    const { value } = await client.call('com.example.echo', { args: [text] });
    byId('result').value = JSON.stringify(value);
  });
} catch (error) {
  byId('status').value = `${error.message}. Is the router running?`;
}

async function followStatus(client) {
  for await (const status of client.statuses()) byId('status').value = status.status;
}

function showEvent(args) {
  const item = document.createElement('li');
  item.textContent = JSON.stringify(args);
  byId('events').prepend(item);
}

function onSubmit(id, send) {
  byId(id).addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await send(new FormData(event.target).get('text'));
    } catch (error) {
      byId('result').value = `${error.name}: ${error.message}`;
    }
  });
}
