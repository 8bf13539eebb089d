using DaprRollouts.Conformance.Engine.Doors;
using DaprRollouts.Conformance.Engine.Protocol;
using DaprRollouts.Engine;
using DaprRollouts.Engine.Running;
using DaprRollouts.Protocol;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace DaprRollouts.Conformance.Engine.Storage;

/// <summary>Database files that cannot be used are named and left as they are.</summary>
public sealed class DatabaseTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("garbage, but long enough to be a header of a database, and then some more garbage after that; it goes on for a while yet, to a hundred bytes")]
    [InlineData("short")]
    public async Task A_file_that_is_no_database_is_refused(string content)
    {
        await File.WriteAllTextAsync(_directory.Database, content);

        await RefusedAsync("damaged or not a database");

        Assert.Equal(content, await File.ReadAllTextAsync(_directory.Database));
    }

    [Fact]
    public async Task A_damaged_database_is_refused()
    {
        await using (await EngineHost.StartAsync(_directory.Path))
        {
        }

        var bytes = await File.ReadAllBytesAsync(_directory.Database);
        Array.Fill(bytes, (byte)0xEE, 100, 2000);
        await File.WriteAllBytesAsync(_directory.Database, bytes);

        await RefusedAsync("damaged");

        Assert.Equal(bytes, await File.ReadAllBytesAsync(_directory.Database));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        Execute("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
        var before = await File.ReadAllBytesAsync(_directory.Database);

        await RefusedAsync("another program");

        Assert.Equal(before, await File.ReadAllBytesAsync(_directory.Database));
    }

    [Fact]
    public async Task A_database_of_another_version_is_refused()
    {
        await using (await EngineHost.StartAsync(_directory.Path))
        {
        }

        Execute("PRAGMA user_version = 999");

        await RefusedAsync("another version");
    }

    [Fact]
    public async Task A_second_engine_on_the_same_file_is_refused_and_the_first_goes_on()
    {
        await using var first = await EngineHost.StartAsync(_directory.Path);

        await RefusedAsync("in use by another process");

        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(first.Endpoint);
        var hub = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        using var worker = new RawWorker(hub);
        var started = hub.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "x", Name = "W" });
        await worker.AnswerAsync(await worker.NextAsync(), RawWorker.End());
        Assert.Equal("x", (await started).InstanceId);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_refused()
    {
        await File.WriteAllTextAsync(_directory.Database, "a file, not a directory");

        var refused = await Assert.ThrowsAsync<EngineDataException>(() => EngineHost.StartAsync(Path.Combine(_directory.Database, "below")));

        Assert.Contains(_directory.Database, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_refuses_what_is_new_and_all_goes_on_when_there_is_room_again()
    {
        await using var host = await EngineHost.StartAsync(_directory.Path);
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(host.Endpoint);
        var hub = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        using var worker = new RawWorker(hub);
        var started = hub.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "before", Name = "W" });
        await worker.AnswerAsync(await worker.NextAsync());
        await started;
        var engine = host.Services.GetRequiredService<EngineThread>().Engine;
        await LimitAsync(engine, 20);

        var full = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await hub.RaiseEventAsync(
            new RaiseEventRequest { InstanceId = "before", Name = "lost", Input = new string('x', 1_000_000) }));
        Assert.Contains("disk is full", full.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(_directory.Database, full.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("disk is full", engine.Core.Recovery.Problem!, StringComparison.Ordinal);

        await LimitAsync(engine, 1_000_000);
        await hub.RaiseEventAsync(new RaiseEventRequest { InstanceId = "before", Name = "kept" });
        WorkItem turn;
        do
        {
            turn = await worker.NextAsync();
        }
        while (turn.WorkflowRequest.NewEvents.All(e => e.EventRaised?.Name != "kept"));
        await worker.AnswerAsync(turn, RawWorker.End());

        Assert.DoesNotContain(turn.WorkflowRequest.NewEvents, e => e.EventRaised?.Name == "lost");
        Assert.Equal("done", (await hub.GetInstanceAsync(
            new GetInstanceRequest { InstanceId = "before", GetInputsAndOutputs = true })).WorkflowState.Output);
        Assert.Null(engine.Core.Recovery.Problem);
    }

    // As small as it is, the file system behaves as a full one does.
    private static Task<bool> LimitAsync(EmbeddedEngine engine, int pages) => engine.AskAsync(session =>
    {
        session.Store.Sql.Scalar($"PRAGMA max_page_count = {pages}");
        return true;
    });

    private async Task RefusedAsync(string reason)
    {
        var refused = await Assert.ThrowsAsync<EngineDataException>(() => EngineHost.StartAsync(_directory.Path));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains(_directory.Database, refused.Message, StringComparison.Ordinal);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.Database};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
