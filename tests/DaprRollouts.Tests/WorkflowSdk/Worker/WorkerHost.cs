using Dapr.Workflow;
using Dapr.Workflow.Worker;
using DaprRollouts.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Tests.WorkflowSdk.Worker;

/// <summary>A worker that is connected to a fake sidecar, on a clock that stands still.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHostedLifecycleService _worker;

    public WorkerHost(Action<WorkflowRuntimeOptions> configure)
    {
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(new SidecarConnection(Sidecar))
            .AddDaprWorkflow(configure)
            .BuildServiceProvider();
        _worker = (IHostedLifecycleService)_services.GetServices<IHostedService>().Single();
    }

    public FakeSidecar Sidecar { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public StreamHealth Health => _services.GetRequiredService<StreamHealth>();

    public Task StartAsync() => _worker.StartAsync(TestContext.Current.CancellationToken);

    public Task DrainAsync(CancellationToken patience) => _worker.StoppingAsync(patience);

    public static WorkItem Activity(string name, string? input = null, string token = "") => new()
    {
        CompletionToken = token,
        ActivityRequest = new ActivityRequest
        {
            Name = name,
            Input = input,
            TaskId = 4,
            WorkflowInstance = new WorkflowInstance { InstanceId = "abc" },
        },
    };

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
