using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Protocol;
using Grpc.Core;

namespace DaprRollouts.Engine.Serving;

/// <summary>The stream of work items of a worker in the engine's own process. It is connected until it is disposed.</summary>
internal sealed class WorkItemReader : IAsyncStreamReader<WorkItem>, IDisposable
{
    private readonly WorkCalls _work;
    private readonly WorkerStream _stream;
    private readonly CancellationTokenRegistration _ending;
    private int _isOver;

    /// <summary>Connects a worker.</summary>
    /// <param name="work">The engine.</param>
    /// <param name="workInHand">How much it may have in hand.</param>
    /// <param name="stopping">Ends the stream.</param>
    public WorkItemReader(WorkCalls work, int workInHand, CancellationToken stopping)
    {
        (_work, _stream) = (work, work.Connect(workInHand));
        _ending = stopping.Register(Disconnect);
    }

    public WorkItem Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        WorkItem? item;
        while (!_stream.Items.TryRead(out item))
        {
            if (!await _stream.Items.WaitToReadAsync(cancellationToken))
            {
                return false;
            }
        }

        Current = item;
        return true;
    }

    public void Dispose()
    {
        _ending.Dispose();
        Disconnect();
    }

    private void Disconnect()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _work.Disconnect(_stream);
        }
    }
}
