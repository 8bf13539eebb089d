using System.Diagnostics;

namespace DaprRollouts.Benchmarks;

/// <summary>What instances cost that only wait: memory, disk, and time when the engine starts.</summary>
internal static class IdleInstances
{
    public static async Task MeasureAsync(int instances)
    {
        var directory = Directory.CreateTempSubdirectory("engine-bench-").FullName;
        try
        {
            await using (var bench = await Bench.StartAsync(directory))
            {
                var filling = Stopwatch.GetTimestamp();
                using var over = new CancellationTokenSource();
                var left = instances;
                var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var worker = new Worker(bench.Client, activities: null);
                worker.Settled += _ =>
                {
                    if (Interlocked.Decrement(ref left) == 0)
                    {
                        settled.SetResult();
                    }
                };
                var working = worker.RunAsync(over.Token);
                await Parallel.ForAsync(0, instances, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, _) => await bench.StartInstanceAsync($"i{i}"));
                await settled.Task;
                await over.CancelAsync();
                await working;
                Console.WriteLine($"{instances} starts: {Stopwatch.GetElapsedTime(filling).TotalSeconds:0.0} s; memory {Memory()}");
            }

            var size = new DirectoryInfo(directory).EnumerateFiles().Sum(f => f.Length);
            var started = Stopwatch.GetTimestamp();
            await using var again = await Bench.StartAsync(directory);
            await again.Client.GetInstanceAsync(new Protocol.GetInstanceRequest { InstanceId = "i0" });
            Console.WriteLine(
                $"start on {instances} instances ({size / 1e6:0} MB): first answer after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms; memory {Memory()}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Memory()
    {
        GC.Collect();
        return $"{GC.GetTotalMemory(forceFullCollection: true) / 1e6:0} MB managed, {Environment.WorkingSet / 1e6:0} MB in all";
    }
}
