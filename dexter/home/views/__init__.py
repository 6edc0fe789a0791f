"""Views of home, a module a kind of page: public.py (signed out and site texts), start.py, pupil.py."""
