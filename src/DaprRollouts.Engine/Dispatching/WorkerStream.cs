using System.Threading.Channels;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.Dispatching;

/// <summary>One connected worker: what is on its way to it, and how much it has in hand. What it gets next lies in a channel, so that the engine never waits for it.</summary>
internal sealed class WorkerStream(WorkflowEngineOptions options)
{
    private readonly Channel<WorkItem> _items = Channel.CreateUnbounded<WorkItem>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    public ChannelReader<WorkItem> Items => _items.Reader;

    /// <summary>How many turns it has in hand.</summary>
    public int Turns { get; set; }

    /// <summary>How many activities it has in hand.</summary>
    public int Tasks { get; set; }

    public bool TakesTurns => Turns < options.TurnsInHand;

    public bool TakesTasks => Tasks < options.ActivitiesInHand;

    public void Send(WorkItem item) => _items.Writer.TryWrite(item);

    /// <summary>Nothing more comes.</summary>
    public void Close() => _items.Writer.TryComplete();
}
