using Grpc.Core;

namespace DaprRollouts.Engine;

/// <summary>Errors as clients of a sidecar know them.</summary>
internal static class EngineErrors
{
    public static RpcException NoSuchInstance(string id) => Of(StatusCode.NotFound, $"workflow '{id}': no such instance exists");

    public static RpcException AlreadyExists(string id) => Of(StatusCode.AlreadyExists, $"an active workflow with ID '{id}' already exists");

    public static RpcException NotEnded(string id) => Of(StatusCode.FailedPrecondition, $"workflow '{id}' has not ended: terminate it first");

    public static RpcException Of(StatusCode code, string message) => new(new Status(code, message));
}
