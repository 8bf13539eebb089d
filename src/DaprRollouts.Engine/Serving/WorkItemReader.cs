using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Protocol;
using Grpc.Core;

namespace DaprRollouts.Engine.Serving;

/// <summary>
/// The stream of work items of a worker in the engine's own process. It is connected until it is disposed: such a worker stops with the engine, and lets what it runs end first.
/// </summary>
internal sealed class WorkItemReader(WorkCalls work, WorkflowEngineOptions options) : IAsyncStreamReader<WorkItem>, IDisposable
{
    private readonly WorkerStream _stream = work.Connect(options);
    private int _isOver;

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
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            work.Disconnect(_stream);
        }
    }
}
