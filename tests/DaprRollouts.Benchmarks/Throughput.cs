using System.Diagnostics;

namespace DaprRollouts.Benchmarks;

/// <summary>How much many instances get done at once.</summary>
internal static class Throughput
{
    public static async Task MeasureAsync(int instances, int activities)
    {
        await using var bench = await Bench.StartAsync();
        using var over = new CancellationTokenSource();
        var left = instances;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var worker = new Worker(bench.Client, activities);
        worker.Settled += _ =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                ended.SetResult();
            }
        };
        await Parallel.ForAsync(0, instances, async (i, _) => await bench.StartInstanceAsync($"i{i}"));
        var started = Stopwatch.GetTimestamp();
        var working = worker.RunAsync(over.Token);
        await ended.Task;
        var took = Stopwatch.GetElapsedTime(started);
        Console.WriteLine(
            $"{instances} instances of {activities} activities: {took.TotalSeconds:0.00} s, {instances * activities / took.TotalSeconds:0} activities/s, "
            + $"{instances * (activities + 1) / took.TotalSeconds:0} turns/s");
        await over.CancelAsync();
        await working;
    }
}
