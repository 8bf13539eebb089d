using Grpc.Core;

namespace DaprRollouts.Engine;

/// <summary>Errors as clients of a sidecar know them.</summary>
internal static class EngineErrors
{
    public static RpcException NoSuchInstance(string id) => Of(StatusCode.NotFound, $"workflow '{id}': no such instance exists");

    public static string AlreadyExistsMessage(string id) => $"an active workflow with ID '{id}' already exists";

    public static RpcException AlreadyExists(string id) => Of(StatusCode.AlreadyExists, AlreadyExistsMessage(id));

    public static RpcException NotEnded(string id) => Of(StatusCode.FailedPrecondition, $"workflow '{id}' has not ended: terminate it first");

    public static RpcException Stopping() => Of(StatusCode.Unavailable, "the engine is stopping");

    public static RpcException Of(StatusCode code, string message) => new(new Status(code, message));
}
