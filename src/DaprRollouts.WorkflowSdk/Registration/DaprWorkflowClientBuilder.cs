using System.Text.Json;
using Dapr.Common;
using Dapr.Common.Serialization;
using Dapr.Workflow.Client;
using Dapr.Workflow.Serialization;
using Dapr.Workflow.Worker;
using DaprRollouts.Protocol;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dapr.Workflow.Registration;

/// <summary>Builds a client from the environment, the configuration and what is set here.</summary>
public sealed class DaprWorkflowClientBuilder : DaprGenericClientBuilder<DaprWorkflowClient>
{
    private Func<IServiceProvider?, IDaprSerializer> _serializer;

    public DaprWorkflowClientBuilder(IConfiguration? configuration = null)
        : base(configuration)
    {
        _serializer = _ => new JsonDaprSerializer(JsonSerializerOptions);
        UseGrpcEndpoint(DaprDefaults.GetDefaultGrpcEndpoint(configuration)); // the base class looks at the environment only
        UseHttpClientFactory(new SidecarHttp());
        UseGrpcChannelOptions(new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            ThrowOperationCanceledOnCancellation = true,
        });
    }

    internal IServiceProvider? Services { get; init; }

    public DaprWorkflowClientBuilder UseSerializer(IDaprSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        _serializer = _ => serializer;
        return this;
    }

    public DaprWorkflowClientBuilder UseSerializer(Func<IServiceProvider, IWorkflowSerializer> serializerFactory)
    {
        ArgumentNullException.ThrowIfNull(serializerFactory);
        _serializer = services => serializerFactory(
            services ?? throw new InvalidOperationException("A serializer factory needs a client that is built by the container."));
        return this;
    }

    public DaprWorkflowClientBuilder UseJsonSerializer(JsonSerializerOptions jsonOptions) =>
        UseSerializer(new JsonWorkflowSerializer(jsonOptions));

    public override DaprWorkflowClient Build()
    {
        if (SidecarConnection.InThisProcess(Services) is { } engine)
        {
            return Build(engine, connection: null);
        }

        var (channel, _, _, apiToken) = BuildDaprClientDependencies(typeof(DaprWorkflowClient).Assembly);
        return Build(SidecarChannel.WithMetadata(channel.CreateCallInvoker(), apiToken), channel);
    }

    private DaprWorkflowClient Build(CallInvoker sidecar, IDisposable? connection) => new(
        new TaskHubSidecarService.TaskHubSidecarServiceClient(sidecar),
        _serializer(Services),
        Services?.GetService<TimeProvider>() ?? TimeProvider.System,
        connection);

    // The inherited way to a channel takes its HTTP client from a factory.
    private sealed class SidecarHttp : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => SidecarChannel.Http();
    }
}
