using DaprRollouts.Conformance.Engine.Protocol;
using DaprRollouts.Engine.Running;
using DaprRollouts.Protocol;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.Engine.Storage;

/// <summary>A disk that takes no more for a while.</summary>
public sealed class DiskTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_full_disk_loses_nothing_and_is_recovered_from()
    {
        await using var engine = await RawEngine.StartAsync(o => o.MaxDatabaseBytes = 400_000, _time);
        await engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = engine.Connect();
        await worker.AnswerAsync(Answers.Activity(0));
        var activity = await worker.NextAsync();
        var large = new string('x', 30_000);
        var filler = 0;
        var full = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (; ; filler++)
            {
                await engine.Client.StartInstanceAsync(Answers.Start($"filler{filler}", _time.GetUtcNow().UtcDateTime.AddDays(1), large));
            }
        });
        Assert.Equal(StatusCode.Unavailable, full.StatusCode);
        Assert.Contains("disk is full", full.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(engine.Directory.Database, full.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, await engine.HealthAsync());

        await Assert.ThrowsAsync<RpcException>(async () => await engine.Client.CompleteActivityTaskAsync(Answers.Result(activity, $"\"{large}\"")));
        for (var i = 0; i < filler; i++)
        {
            await engine.Client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = $"filler{i}", Force = true });
        }

        // A worker may have been given the turn with the result that could not be kept; its answer is void.
        var again = worker.NextAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        if (await again is { WorkflowRequest: not null } lost)
        {
            await engine.Client.CompleteOrchestratorTaskAsync(Answers.To(lost, Answers.Complete(1, "\"void\"")));
            again = worker.NextAsync();
        }

        await engine.Client.CompleteActivityTaskAsync(Answers.Result(await again, "1"));
        await worker.AnswerAsync(Answers.Complete(1, "2"));

        Assert.Equal("2", (await engine.Client.GetInstanceAsync(Answers.Get("i"))).WorkflowState.Output);
        Assert.Equal(HealthStatus.Healthy, await engine.HealthAsync());
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_for_a_while_is_tried_again()
    {
        await using var engine = await RawEngine.StartAsync(time: _time);
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        await worker.AnswerAsync();
        await SetAsync(engine, "query_only = 1");

        var refused = await Assert.ThrowsAsync<RpcException>(() => engine.RaiseAsync("lost"));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Contains("check the permissions", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, await engine.HealthAsync());

        await SetAsync(engine, "query_only = 0");
        await engine.RaiseAsync("kept");
        var turn = await worker.AnswerAsync(Answers.Complete(0, "done"));

        // The turn with the lost event, if it was handed out before that was known, is void.
        while (turn.WorkflowRequest.NewEvents.All(e => e.EventRaised?.Name != "kept"))
        {
            turn = await worker.AnswerAsync(Answers.Complete(0, "done"));
        }

        Assert.DoesNotContain(turn.WorkflowRequest.NewEvents, e => e.EventRaised?.Name == "lost");
        Assert.Equal("done", (await engine.StateAsync()).Output);
        Assert.Equal(HealthStatus.Healthy, await engine.HealthAsync());
    }

    [Fact]
    public async Task The_engine_tries_again_ever_less_often_and_finds_out_by_itself_when_it_can_write()
    {
        await using var engine = await RawEngine.StartAsync(time: _time);
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        await worker.AnswerAsync(Answers.Timer(0, _time.GetUtcNow().UtcDateTime.AddSeconds(2)));
        await SetAsync(engine, "query_only = 1");
        await Assert.ThrowsAsync<RpcException>(() => engine.RaiseAsync("lost"));
        var recovery = engine.Services.GetRequiredService<EngineThread>().Engine.Core.Recovery;

        List<int> seconds = [];
        for (var (passed, tries) = (1, recovery.Tries); passed < 130; passed++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await SetAsync(engine, "query_only = 1"); // comes after what the clock has brought about
            if (recovery.Tries > tries)
            {
                seconds.Add(passed);
                tries = recovery.Tries;
            }
        }

        Assert.Equal([1, 3, 7, 15, 31, 61, 91, 121], seconds);
        await SetAsync(engine, "query_only = 0");
        _time.Advance(TimeSpan.FromSeconds(31));
        await SetAsync(engine, "query_only = 0"); // comes after that, too; workers have turns before they are on the disk
        Assert.Equal(HealthStatus.Healthy, await engine.HealthAsync());

        var turn = await worker.NextTurnAsync();
        while (turn.NewEvents.All(e => e.TimerFired is null))
        {
            turn = await worker.NextTurnAsync();
        }
    }

    private static Task<bool> SetAsync(RawEngine engine, string pragma) =>
        engine.Services.GetRequiredService<EngineThread>().Engine.AskAsync(session =>
        {
            session.Store.Sql.Scalar($"PRAGMA {pragma}");
            return true;
        });
}
