/** The service behind a forwarded port, a process of its own: sends as many bytes as the line it is sent asks for, then ends. */
import { createServer, type Socket } from 'node:net'

const CHUNK = Buffer.alloc(64 * 1024, 'steward ')

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {})
  socket.once('data', (line) => send(socket, Number(line.toString())))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address) process.send!(`tcp://127.0.0.1:${address.port}`)
})

function send(socket: Socket, bytes: number): void {
  let left = bytes
  const write = () => {
    while (left > 0) {
      const part = CHUNK.subarray(0, Math.min(left, CHUNK.length))
      left -= part.length
      if (!socket.write(part)) return void socket.once('drain', write)
    }
    socket.end()
  }
  write()
}
