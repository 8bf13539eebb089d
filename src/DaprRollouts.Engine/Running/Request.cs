namespace DaprRollouts.Engine.Running;

/// <summary>Something asked of the engine.</summary>
/// <param name="Change">What to do. It may throw an RpcException before it has changed anything.</param>
/// <param name="Failed">Hears why it was not done.</param>
internal sealed record Request(Action<Session> Change, Action<Exception> Failed);
