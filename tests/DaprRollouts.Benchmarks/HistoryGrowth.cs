using System.Diagnostics;

namespace DaprRollouts.Benchmarks;

/// <summary>What a turn costs as the history of its instance grows: each turn replays all of it.</summary>
internal static class HistoryGrowth
{
    // An activity adds three events: it was asked for, the next turn began, it was done.
    private const int EventsOfActivity = 3;

    public static async Task MeasureAsync(int events, WorkerPlace place)
    {
        await using var bench = await Bench.StartAsync(place);
        await RunAsync(bench, "warm", events);
        var arrivals = await RunAsync(bench, "measured", events);
        foreach (var size in (int[])[events / 100, events / 10, events / 4, events / 2, (events * 3) / 4, events])
        {
            var last = size / EventsOfActivity;
            var first = Math.Max(1, last - 20);
            Console.WriteLine($"history of {size} events: {(arrivals[last - 1] - arrivals[first - 1]) / Math.Max(1, last - first):0.00} ms a turn with its activity");
        }
    }

    private static async Task<IReadOnlyList<double>> RunAsync(Bench bench, string id, int events)
    {
        List<double> arrivals = [];
        var started = Stopwatch.GetTimestamp();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Arrived(string of) => arrivals.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        void End(string of) => ended.TrySetResult();
        Workloads.ActivityArrived += Arrived;
        Workloads.ChainEnded += End;
        await bench.StartInstanceAsync(Workloads.Chain, id, events / EventsOfActivity);
        await ended.Task;
        Workloads.ActivityArrived -= Arrived;
        Workloads.ChainEnded -= End;
        return arrivals;
    }
}
