namespace DaprRollouts.Engine.Running;

/// <summary>Deletes instances that ended long ago, a few at a time.</summary>
internal sealed class Retention : IDisposable
{
    private const int AtOnce = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly RetentionPolicy _policy;
    private readonly Action<Action<Session>> _post;
    private readonly ITimer _timer;

    public Retention(EngineSetting setting, Action<Action<Session>> post)
    {
        (_policy, _post) = (setting.Options.Retention, post);
        _timer = setting.Time.CreateTimer(_ => post(Sweep), null, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep(Session session)
    {
        if (Purging.Expire(session, _policy, AtOnce) == AtOnce)
        {
            session.AfterCommit(() => _post(Sweep));
        }
    }
}
