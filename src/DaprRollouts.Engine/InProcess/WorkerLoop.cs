using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.Serving;
using DaprRollouts.Protocol;
using Grpc.Core;

namespace DaprRollouts.Engine.InProcess;

/// <summary>The worker's side of one run of the engine: takes work items one at a time, and answers them.</summary>
internal sealed class WorkerLoop(InProcessWorker worker, WorkCalls calls, WorkerStream stream, Random? order)
{
    private readonly List<WorkItem> _items = [];
    private volatile bool _isGone;
    private int _running;

    /// <summary>Activities that have begun and not ended.</summary>
    public int Running => _running;

    /// <summary>What has gone wrong in a way that no worker could answer; null if nothing has.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Does something about one work item; false if there is none.</summary>
    public bool RunOnce()
    {
        while (stream.Items.TryRead(out var item))
        {
            _items.Add(item);
        }

        if (_items.Count == 0)
        {
            return false;
        }

        var index = order?.Next(_items.Count) ?? 0;
        var next = _items[index];
        _items.RemoveAt(index);
        _ = RunAsync(next);
        return true;
    }

    /// <summary>The worker ends with the engine: what it has in hand is never answered.</summary>
    public void Abandon() => _isGone = true;

    private async Task RunAsync(WorkItem item)
    {
        Interlocked.Increment(ref _running);
        try
        {
            if (item.WorkflowRequest is { } turn)
            {
                await calls.CompleteAsync(worker.Turn(turn, item.CompletionToken));
            }
            else
            {
                var answer = await worker.Activity(item.ActivityRequest, item.CompletionToken);
                await (_isGone ? Task.CompletedTask : calls.CompleteAsync(answer));
            }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            // The engine could not take it in; it will hand the work out again.
        }
#pragma warning disable CA1031 // Nobody awaits this; whoever drives the engine throws it on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure ??= e;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
